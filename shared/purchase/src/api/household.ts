import { z } from 'zod';

/** 表号尾号: the last digits of a meter's number. */
export const meterTail = z.string().regex(/^[0-9A-Za-z]{4}$/);

/** A household as screens may show it, masked by the server. */
export const maskedHousehold = z.object({
  /** 张* */
  name: z.string(),
  /** 天山区**小区3号楼 */
  address: z.string(),
  /** Last four digits only: ****1234 */
  customerNo: z.string(),
  /** By which it tells one of its meters from another; absent: not known. */
  meterTail: meterTail.optional(),
});
export type MaskedHousehold = z.infer<typeof maskedHousehold>;
