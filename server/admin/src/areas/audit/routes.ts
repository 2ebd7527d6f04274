import { Memo } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/audit',
    component: () => import('./AuditPage.vue'),
    meta: {
      title: 'audit.title',
      permission: 'audit:read',
      menu: { group: 'system', order: 5, icon: Memo },
    },
  },
];
