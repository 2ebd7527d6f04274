import { Timer } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/retention',
    component: () => import('./RetentionPage.vue'),
    meta: {
      title: 'retention.title',
      permission: 'resident:read',
      menu: { group: 'system', order: 40, icon: Timer },
    },
  },
];
