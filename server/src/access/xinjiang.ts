import { PROVINCE, type OrgNames } from '@bianmin/purchase/api/org';
import type { Org } from './store/orgs.ts';

/**
 * The prefecture-level divisions of Xinjiang by their codes of GB/T 2260, with column and row in a grid that resembles the
 * map. They are 14; one who counts 13 leaves one out, which this list does not. The cities that the region governs by
 * itself (6590xx) have no prefecture: their terminals stand directly below the province.
 */
const PREFECTURES: readonly (readonly [code: string, zh: string, en: string, column: number, row: number])[] =
  [
    ['650100', '乌鲁木齐市', 'Urumqi', 3, 2],
    ['650200', '克拉玛依市', 'Karamay', 2, 1],
    ['650400', '吐鲁番市', 'Turpan', 4, 2],
    ['650500', '哈密市', 'Hami', 5, 2],
    ['652300', '昌吉回族自治州', 'Changji', 3, 1],
    ['652700', '博尔塔拉蒙古自治州', 'Bortala', 0, 1],
    ['652800', '巴音郭楞蒙古自治州', 'Bayingolin', 3, 3],
    ['652900', '阿克苏地区', 'Aksu', 1, 3],
    ['653000', '克孜勒苏柯尔克孜自治州', 'Kizilsu', 0, 3],
    ['653100', '喀什地区', 'Kashgar', 0, 4],
    ['653200', '和田地区', 'Hotan', 2, 4],
    ['654000', '伊犁哈萨克自治州', 'Ili', 1, 2],
    ['654200', '塔城地区', 'Tacheng', 1, 1],
    ['654300', '阿勒泰地区', 'Altay', 3, 0],
  ];

const ROOT_NAMES: OrgNames = { 'zh-CN': '新疆维吾尔自治区', en: 'Xinjiang' };

/** What a database without organisations begins with, the root first. */
export const FIRST_ORGS: readonly Org[] = [
  { _id: PROVINCE, kind: 'province', names: ROOT_NAMES, parent: null, path: [PROVINCE], version: 1 },
  ...PREFECTURES.map(([code, zh, en, column, row]): Org => ({
    _id: code,
    kind: 'prefecture',
    names: { 'zh-CN': zh, en },
    parent: PROVINCE,
    path: [PROVINCE, code],
    cell: [column, row],
    version: 1,
  })),
];
