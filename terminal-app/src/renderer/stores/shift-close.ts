import { defineStore } from 'pinia';
import { useShiftCount } from '../staff/shift-count.ts';
import { useStaff } from './staff.ts';

const AWAY = { ok: false, fault: 'away' } as const;

/** The count of a drawer outlives its screen: who stepped aside meanwhile finds it again. */
export const useShiftClose = defineStore('shift-close', () => {
  const staff = useStaff();
  return useShiftCount((request) => staff.call('staff.close', request).catch(() => AWAY));
});
