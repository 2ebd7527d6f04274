import { Postcard } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/card-sessions',
    component: () => import('./SessionsPage.vue'),
    meta: {
      title: 'cards.title',
      permission: 'card:remote',
      menu: { group: 'fleet', order: 20, icon: Postcard },
    },
  },
  {
    path: '/card-sessions/:id([0-9a-f-]{36})',
    component: () => import('./SessionPage.vue'),
    props: true,
    meta: { title: 'cards.oneTitle', permission: 'card:remote' },
  },
];
