import { z } from 'zod';
import { timestamp, words } from './scalars.ts';

export const orderNote = z.object({
  id: z.string(),
  at: timestamp,
  /** A user's id, and the name as it was. */
  by: z.string(),
  byName: z.string(),
  text: z.string(),
});
export type OrderNoteView = z.infer<typeof orderNote>;
export const orderNoteList = z.object({ notes: z.array(orderNote) });
/** `key`: chosen by the caller, the same one is the same note. */
export const orderNoteRequest = z.strictObject({ key: z.uuid(), text: words(1, 2000) });
