/** How long something has waited, in the largest whole unit. */
export function waited(seconds: number): { key: 'minutes' | 'hours' | 'days'; n: number } {
  if (seconds < 3600) return { key: 'minutes', n: Math.floor(seconds / 60) };
  if (seconds < 86_400) return { key: 'hours', n: Math.floor(seconds / 3600) };
  return { key: 'days', n: Math.floor(seconds / 86_400) };
}
