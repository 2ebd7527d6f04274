import { Calendar } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/reconciliation',
    component: () => import('./CalendarPage.vue'),
    meta: {
      title: 'reconciliation.title',
      permission: 'reconcile:read',
      menu: { group: 'books', order: 0, icon: Calendar },
    },
  },
  {
    path: '/reconciliation/:day(\\d{4}-\\d{2}-\\d{2})',
    component: () => import('./DayPage.vue'),
    props: true,
    meta: { title: 'reconciliation.dayTitle', permission: 'reconcile:read' },
  },
];
