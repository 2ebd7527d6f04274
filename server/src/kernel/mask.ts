/** What a screen may show of a customer. */
export function maskedOf(customer: { customerName: string; address: string; customerNo: string }): {
  name: string;
  address: string;
  customerNo: string;
} {
  return {
    name: maskName(customer.customerName),
    address: maskAddress(customer.address),
    customerNo: maskCustomerNo(customer.customerNo),
  };
}

/** 张三 → 张*, 阿依古丽·买买提 → 阿*: the first character only, whatever the length. */
export function maskName(name: string): string {
  return `${Array.from(name.trim())[0] ?? ''}*`;
}

/**
 * 乌鲁木齐市天山区幸福小区3号楼2单元501室 → 天山区**小区3号楼: the district and the building stay, so that a
 * household knows its own; the community's name, the unit and the room go. An address of another form keeps
 * its district only.
 */
export function maskAddress(address: string): string {
  const local = address.trim().replace(/^[^省区]{2,9}(?:省|自治区)/u, '');
  const parts = /^([^市州盟]{1,9}(?:市|自治州|盟))?([^市州盟区县]{1,7}(?:(?<![小社])区|县|市))?/u.exec(local);
  const rest = local.slice(parts?.[0].length ?? 0);
  const building = /(小区|苑|花园|村|社区)?\d{1,4}(?:号楼|栋|幢|号)/u.exec(rest);
  return `${parts?.[2] ?? parts?.[1] ?? ''}**${building?.[0] ?? ''}`;
}

/** 650100123456 → ****3456. A number of four digits or fewer is hidden altogether. */
export function maskCustomerNo(customerNo: string): string {
  return customerNo.length > 4 ? `****${customerNo.slice(-4)}` : '****';
}

/** 000026001234 → 1234: by its last four digits a household knows which of its meters is meant. A number that is no longer is hidden. */
export function meterTailOf(meterNo: string): { meterTail?: string } {
  return meterNo.length > 4 ? { meterTail: meterNo.slice(-4) } : {};
}
