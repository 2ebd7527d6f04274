import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/wall',
    component: () => import('./WallPage.vue'),
    meta: { title: 'wall.title', permission: 'statistics:read', bare: true },
  },
];
