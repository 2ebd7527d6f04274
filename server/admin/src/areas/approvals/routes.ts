import { Stamp } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/approvals',
    component: () => import('./ApprovalsPage.vue'),
    meta: {
      title: 'approvals.title',
      permission: 'approval:decide',
      menu: { group: 'overview', order: 5, icon: Stamp },
    },
  },
];
