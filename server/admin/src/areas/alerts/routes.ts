import { AlarmClock } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/alerts',
    component: () => import('./AlertsPage.vue'),
    meta: {
      title: 'alerts.title',
      permission: 'alert:read',
      menu: { group: 'overview', order: 3, icon: AlarmClock },
    },
  },
];
