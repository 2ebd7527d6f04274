let serial = 0;
/** A number of its own for each order of the suite: the stores are not emptied between tests. */
export function own(): { _id: string; idempotencyKey: string; meterNo: string; terminalId: string } {
  serial += 1;
  const no = String(serial).padStart(6, '0');
  const _id = `260301100000${no}`;
  return { _id, idempotencyKey: `k${no}`, meterNo: `m${no}`, terminalId: `t${no}` };
}

/** The serial of the order that was named last. */
export function lastSerial(): number {
  return serial;
}
