/**
 * What a bill's rows say that the channel kept, fen: rounded once, at the end, half a fen away from zero. By another way than the
 * product's own, which is held to it.
 */
export function feeFenOf(rows: readonly { readonly feeMilliFen: number }[]): number {
  const milliFen = rows.reduce((sum, row) => sum + row.feeMilliFen, 0);
  return Number((milliFen / 1000).toFixed(0)) + 0;
}
