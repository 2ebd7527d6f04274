import { PROVINCE } from '@bianmin/purchase/api/org';

/** The path of what belongs to no organisation below the province: phones' orders, old ones, terminals not yet placed. */
export const PROVINCE_PATH: readonly string[] = [PROVINCE];

/** Communities are made here, under an id that begins so; provinces and prefectures have their administrative codes. */
export const COMMUNITY_PREFIX = 'c';
