import type { ChipName } from '@bianmin/card/chip/contract';
import { COMMUNITY_PREFIX } from '../../../server/src/kernel/org-path.ts';
import { FIRST_ORGS } from '../../../server/src/access/xinjiang.ts';
import { maskedOf } from '../../../server/src/kernel/mask.ts';
import type { Order } from '../../../server/src/orders/model/order.ts';
import type { Org } from '../../../server/src/access/store/orgs.ts';
import type { Terminal } from '../../../server/src/fleet/store/terminals.ts';
import type { Dice } from '@bianmin/card/testing/dice';
import type { Bytes } from './bytes.ts';

/** A household that buys now and then. */
export interface Household {
  readonly customerNo: string;
  readonly meterNo: string;
  readonly chip: ChipName;
  readonly serial: string;
  readonly masked: Order['masked'];
  /** Its community's kiosks; the box that some have at home. */
  readonly kiosks: readonly Terminal[];
  readonly box: Terminal | undefined;
  /** The meter's purchase count; grows with every sale. */
  count: number;
}

export interface Town {
  /** Communities; the province and its prefectures are there from the server's first start. */
  readonly communities: readonly Org[];
  readonly terminals: readonly Terminal[];
  readonly households: readonly Household[];
}

/** How populous each prefecture is, in hundreds of thousands. */
const PEOPLE: Readonly<Record<string, number>> = {
  ...{ '650100': 40, '650200': 5, '650400': 7, '650500': 7, '652300': 16, '652700': 5, '652800': 16 },
  ...{ '652900': 27, '653000': 6, '653100': 45, '653200': 25, '654000': 28, '654200': 11, '654300': 7 },
};
const CHIPS = {
  ...{ SLE4442: 46, CPU: 24, SLE4428: 14, AT88SC1608: 8, AT88SC1602: 5, AT88SC153: 3 },
} as const;
const PLACES = [
  ['幸福', 'Xingfu'],
  ['团结', 'Tuanjie'],
  ['和平', 'Heping'],
  ['友好', 'Youhao'],
  ['新华', 'Xinhua'],
  ['文化路', 'Wenhua Road'],
  ['南湖', 'Nanhu'],
  ['东风', 'Dongfeng'],
  ['胜利', 'Shengli'],
  ['阳光', 'Yangguang'],
  ['光明', 'Guangming'],
  ['人民路', 'Renmin Road'],
] as const;
const FAMILY_NAMES = [
  '张',
  '王',
  '李',
  '马',
  '阿',
  '买',
  '艾',
  '古',
  '热',
  '刘',
  '陈',
  '杨',
  '哈',
  '努',
] as const;
const GIVEN = '三';
/** Of ten households, how many have a box at home. */
const BOX_SHARE = 0.22;

/** The same province for the same seed: communities in each prefecture, their kiosks, and households. */
export function townOf(init: { households: number; now: Date; dice: Dice; bytes: Bytes }): Town {
  const { dice } = init;
  const prefectures = FIRST_ORGS.filter(({ kind }) => kind === 'prefecture');
  const people = prefectures.reduce((sum, { _id }) => sum + (PEOPLE[_id] ?? 5), 0);
  const [communities, terminals, households]: [Org[], Terminal[], Household[]] = [[], [], []];
  for (const prefecture of prefectures) {
    const share = (PEOPLE[prefecture._id] ?? 5) / people;
    const count = Math.max(2, Math.round(share * 110));
    const own = Array.from({ length: count }, (_, at) => communityOf(prefecture, at, init.bytes));
    communities.push(...own);
    const kiosks = own.map((community, at) =>
      Array.from({ length: 1 + dice.below(2) }, (_, nth) =>
        terminalOf({
          ...init,
          community,
          kind: 'kiosk',
          name: `${PLACES[at % PLACES.length]?.[1] ?? ''} ${nth + 1}`,
        }),
      ),
    );
    terminals.push(...kiosks.flat());
    const homes = Math.max(count, Math.round(init.households * share));
    for (let at = 0; at < homes; at += 1) {
      const nth = dice.below(count);
      const community = own[nth] ?? prefecture;
      const box = dice.chance(BOX_SHARE)
        ? terminalOf({ ...init, community, kind: 'box', name: `box ${terminals.length}` })
        : undefined;
      if (box !== undefined) terminals.push(box);
      households.push(
        householdOf({ at: households.length, prefecture, kiosks: kiosks[nth] ?? [], box, ...init }),
      );
    }
  }
  return { communities, terminals, households };
}

function communityOf(prefecture: Org, at: number, bytes: Bytes): Org {
  const [zh, en] = PLACES[at % PLACES.length] ?? PLACES[0];
  const round = Math.floor(at / PLACES.length);
  const _id = COMMUNITY_PREFIX + bytes.hex(8);
  return {
    _id,
    kind: 'community',
    names: {
      'zh-CN': `${zh}${round === 0 ? '' : `第${round + 1}`}社区`,
      en: `${en}${round === 0 ? '' : ` ${round + 1}`} Community`,
    },
    parent: prefecture._id,
    path: [...prefecture.path, _id],
    version: 1,
  };
}

/** Without private keys: these terminals can never call. */
function terminalOf(init: {
  community: Org;
  kind: Terminal['kind'];
  name: string;
  now: Date;
  bytes: Bytes;
}): Terminal {
  const { community, kind, name, now, bytes } = init;
  const key = () => ({ kty: 'EC', crv: 'P-256', x: bytes.base64url(32), y: bytes.base64url(32) }) as const;
  const at = new Date(now.getTime() - 400 * 86_400_000);
  return {
    _id: `t${bytes.hex(15)}`,
    signKey: key(),
    sealKey: key(),
    kind,
    name,
    version: '0.1.0',
    community: community._id,
    orgPath: community.path,
    status: 'accepted',
    enrolledAt: at,
    decidedAt: at,
    decidedBy: 'enrol-code',
  };
}

function householdOf(init: {
  at: number;
  prefecture: Org;
  kiosks: readonly Terminal[];
  box: Terminal | undefined;
  dice: Dice;
  bytes: Bytes;
}): Household {
  const { at, prefecture, kiosks, box, dice, bytes } = init;
  const no = String(at + 1);
  const customerNo = `${prefecture._id.slice(0, 4)}${no.padStart(8, '0')}`;
  const customerName = dice.pick(FAMILY_NAMES) + GIVEN;
  const address = `${prefecture.names['zh-CN']}幸福小区${1 + dice.below(40)}号楼`;
  return {
    customerNo,
    meterNo: no.padStart(12, '0'),
    chip: dice.weighted(CHIPS),
    serial: bytes.hex(8).toUpperCase(),
    masked: maskedOf({ customerName, address, customerNo }),
    kiosks,
    box,
    count: 1 + dice.below(200),
  };
}
