export const benchWarmStart = async () => ({ rows: [], engine: 'none' as const, faults: [] });
export const benchColdStart = benchWarmStart;
