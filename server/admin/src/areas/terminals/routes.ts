import { DataBoard, Monitor, Operation } from '@element-plus/icons-vue';
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
  {
    path: '/commands',
    component: () => import('./CommandBatches.vue'),
    meta: {
      title: 'terminals.command.batches',
      permission: 'terminal:read',
      menu: { group: 'fleet', order: 16, icon: Operation },
    },
  },
];
