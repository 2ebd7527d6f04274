/**
 * What two spellings of one bank reference have in common: spaces, case and full-width forms are how somebody typed or pasted it.
 * Pure; the same of what it gives.
 */
export function referenceKey(reference: string): string {
  const bare = reference.normalize('NFKC').replaceAll(/[\s\p{Cf}]/gu, '');
  return bare.toUpperCase().normalize('NFKC');
}
