import { DataBoard, Monitor } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/terminals',
    component: () => import('./TerminalsPage.vue'),
    meta: {
      title: 'terminals.title',
      permission: 'terminal:read',
      menu: { group: 'fleet', order: 10, icon: Monitor },
    },
  },
  {
    path: '/fleet',
    component: () => import('./FleetPage.vue'),
    meta: {
      title: 'terminals.fleet',
      permission: 'terminal:read',
      menu: { group: 'fleet', order: 15, icon: DataBoard },
    },
  },
];
