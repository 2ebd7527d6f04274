import { HOUSEHOLD_PART_BYTES, type HouseholdFileView } from '@bianmin/purchase/api/household-file';
import type { Tone } from '../../parts/tone.ts';
import { householdFilesApi } from './household-files-api.ts';

const LINE_END = 0x0a;

export const FILE_TONES: Readonly<Record<HouseholdFileView['status'], Tone>> = {
  ...{ receiving: 'moving', waits: 'warning', carrying: 'moving', done: 'good' },
  ...{ failed: 'bad', refused: 'quiet', left: 'quiet' },
};

/** Hex. */
export async function sha256Of(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What comes after so many bytes, as far as whole lines go into one part. */
export async function partAt(file: Blob, offset: number, most = HOUSEHOLD_PART_BYTES): Promise<Blob> {
  const part = file.slice(offset, offset + most);
  if (offset + part.size >= file.size) return part;
  const end = new Uint8Array(await part.arrayBuffer()).lastIndexOf(LINE_END) + 1;
  // A line that is longer than a part: the server says so.
  return end === 0 ? part : file.slice(offset, offset + end);
}

/** Sends what the server has not of the file, part by part, from where it was; `told` hears how it stands. */
export async function sendFile(
  file: Blob,
  { told, signal }: { told: (at: HouseholdFileView) => void; signal: AbortSignal },
): Promise<HouseholdFileView> {
  let at = await householdFilesApi.begin({ bytes: file.size, sha256: await sha256Of(file) });
  told(at);
  while (at.received < at.bytes && !signal.aborted) {
    at = await householdFilesApi.part(at, await partAt(file, at.received), signal);
    told(at);
  }
  return at;
}

/** Households that something has become of, and how many there are. */
export function carriedOf({
  rows,
  repeated,
  outcome,
}: Pick<HouseholdFileView, 'rows' | 'repeated' | 'outcome'>): {
  readonly done: number;
  readonly all: number;
} {
  return { done: outcome.applied + outcome.newer + outcome.elsewhere, all: rows - repeated };
}
