/** The mark of the projector's of a generation of rollups. */
export const markOf = (generation: number): string => `rollups:${generation}`;
