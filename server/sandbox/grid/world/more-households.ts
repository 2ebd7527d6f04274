import type { MeterCard } from '@bianmin/card/testing/meter-files';
import type { WhenFull } from '../meter/accept.ts';
import type { HouseholdSeed } from './household-seed.ts';
import type { World } from './world.ts';

const FAMILY = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '马', '阿', '古', '热', '艾'];
const GIVEN = ['伟', '芳', '娜', '敏', '静', '强', '磊', '洋', '艳', '勇', '军', '杰', '丽', '涛', '明'];
const DISTRICTS = ['天山', '沙依巴克', '新市', '水磨沟', '米东', '头屯河'];

/** What one of many owes and is charged, and what its meter takes. */
export type HouseholdDifference = Partial<
  Pick<HouseholdSeed, 'arrearsFen' | 'feeFen' | 'hoardLimitFen' | 'whenFull'>
>;

/** Households by the dozen, for benches: all alike but for how they differ, each with a card that may buy at once. */
export function moreHouseholds(
  world: World,
  request: {
    readonly count: number;
    readonly chip: MeterCard;
    /** Of the meters; absent: ten yuan, no ceiling, and the grid reads none of them. */
    readonly balanceFen?: number | undefined;
    readonly hoardLimitFen?: number | undefined;
    readonly whenFull?: WhenFull | undefined;
    readonly read?: boolean | undefined;
    /** Whether their balance is at the grid; then they have no cards. */
    readonly account?: boolean | undefined;
    /** What is another with the n-th; absent: nothing. */
    readonly differs?: (n: number) => HouseholdDifference;
  },
): { cardId: string; meterNo: string; customerNo: string }[] {
  return Array.from({ length: request.count }, (_, i) => {
    const { made, cards } = world.addHousehold({
      name: `${FAMILY[i % FAMILY.length]}${GIVEN[Math.floor(i / FAMILY.length) % GIVEN.length]}`,
      address: `乌鲁木齐市${DISTRICTS[i % DISTRICTS.length]}区和平小区${(i % 30) + 1}号楼1单元${(i % 6) + 1}01室`,
      chip: request.chip,
      note: '批量建的住户',
      noteEn: 'One of a batch',
      counted: 1,
      balanceFen: request.balanceFen ?? 1000,
      hoardLimitFen: request.hoardLimitFen ?? 0,
      ...(request.whenFull === undefined ? {} : { whenFull: request.whenFull }),
      read: request.read ?? false,
      account: request.account ?? false,
      ...request.differs?.(i),
    });
    const { meterNo, customerNo } = made.household;
    return { cardId: cards[0]?.id ?? '', meterNo, customerNo };
  });
}
