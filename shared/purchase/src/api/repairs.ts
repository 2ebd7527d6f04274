import { z } from 'zod';
import { terminalId, timestamp, words } from './scalars.ts';

/** What is broken, as far as whoever reports it can see. */
export const REPAIR_FAULTS = ['reader', 'screen', 'printer', 'network', 'power', 'other'] as const;
export type RepairFault = (typeof REPAIR_FAULTS)[number];

const person = z.object({ id: z.string(), name: z.string() });
/** What was done about a repair. `noted` is also a report of what was reported before. */
export const REPAIR_DEEDS = ['reported', 'taken', 'handed', 'noted', 'done'] as const;

export const repairStep = z.object({
  did: z.enum(REPAIR_DEEDS),
  at: timestamp,
  by: person,
  /** Of `handed`: to whom. */
  to: person.nullable(),
  text: z.string(),
});

/** A terminal that somebody has to go to, from its report until it works again. */
export const repair = z.object({
  id: z.string(),
  terminalId,
  /** The terminal's; of a repair that is over as it was then, as are address and organisation. */
  name: z.string(),
  /** null: not known. */
  address: z.string().nullable(),
  /** The organisation that it stands in; null: none. */
  org: z.string().nullable(),
  fault: z.enum(REPAIR_FAULTS),
  status: z.enum(['open', 'done']),
  /** Who answers for it; null: nobody yet. */
  owner: person.nullable(),
  /** The oldest first. */
  steps: z.array(repairStep),
  openedAt: timestamp,
  updatedAt: timestamp,
});
export type Repair = z.infer<typeof repair>;

/** A terminal's id and which of its repairs. */
export const repairId = z.string().regex(/^t[0-9a-f]{30}-[1-9][0-9]{0,5}$/);
export const repairParam = z.strictObject({ id: repairId });
const says = words(3, 500);

export const repairQuery = z.strictObject({
  id: repairId.optional(),
  status: repair.shape.status.optional(),
  terminalId: terminalId.optional(),
  /** Opened before this. */
  before: timestamp.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const repairList = z.object({ repairs: z.array(repair) });

/** No names, no numbers of households: it is about a machine. */
export const repairRequest = z.strictObject({ terminalId, fault: repair.shape.fault, text: says });
export type RepairRequest = z.infer<typeof repairRequest>;
export const repairText = z.strictObject({ text: says });
/** Who answers for it from now on, a user's id. */
export const repairOwner = z.strictObject({ owner: z.uuid() });
/** Whom a repair may be given to. */
export const repairers = z.object({ people: z.array(person) });
