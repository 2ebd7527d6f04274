import type { HouseholdSeed } from './household-seed.ts';

/** Households whose balance is at the grid. They come last, so that nobody else's numbers depend on them. */
export const ACCOUNT_SEEDS: readonly HouseholdSeed[] = [
  {
    name: '哈斯也提·木沙',
    address: '乌鲁木齐市天山区新华小区10号楼2单元702室',
    chip: 'SLE4442',
    note: '远程费控，没有电卡',
    noteEn: 'The balance is kept at the grid; there is no card',
    counted: 0,
    balanceFen: 1850,
    account: true,
  },
  {
    name: '何永福',
    address: '乌鲁木齐市米东区林泉小区1号楼3单元302室',
    chip: 'SLE4442',
    note: '远程费控，已欠费停电',
    noteEn: 'The balance is kept at the grid, below zero: switched off',
    counted: 0,
    balanceFen: -640,
    account: true,
  },
];
