/** An order's number in groups of six, so that it can be read aloud. */
export function grouped(number: string): string {
  return number.replace(/(.{6})(?=.)/g, '$1 ');
}
