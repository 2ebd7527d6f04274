/** What a command does to a card: nothing but read, tries a code or a key, changes bytes, or something else that is harmless. */
export type CommandKind = 'read' | 'code' | 'write' | 'other';

/** Of ACS readers' pseudo-APDUs for memory cards, by INS. */
const PSEUDO: Readonly<Record<number, CommandKind>> = {
  0xb0: 'read',
  0xb1: 'read',
  0xb2: 'read',
  0xb3: 'read',
  0xb4: 'read',
  0x20: 'code',
  0x82: 'code',
  0x84: 'code',
  0xd0: 'write',
  0xd1: 'write',
  0xd2: 'write',
  0xd3: 'write',
  0xd4: 'write',
};
/** Of a CPU card's own, by INS. */
const OWN: Readonly<Record<number, CommandKind>> = {
  0xb0: 'read',
  0xb2: 'read',
  0x20: 'code',
  0x82: 'code',
  0x24: 'code',
  0xd6: 'write',
  0xdc: 'write',
  0xd4: 'write',
  0xe0: 'write',
  0x0e: 'write',
};

export function kindOfCommand(apdu: Uint8Array): CommandKind {
  const [cla = 0, ins = 0] = apdu;
  return (cla === 0xff ? PSEUDO : OWN)[ins] ?? 'other';
}
