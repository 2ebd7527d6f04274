/** What marks of the projector's begin with. */
export const ROLLUPS_MARK = 'rollups';

/** The mark of the projector's of a generation of rollups. */
export const markOf = (generation: number): string => `${ROLLUPS_MARK}:${generation}`;
