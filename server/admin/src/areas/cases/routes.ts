import { Warning } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/cases',
    component: () => import('./CasesPage.vue'),
    meta: {
      title: 'cases.title',
      permission: 'case:read',
      menu: { group: 'books', order: 1, icon: Warning },
    },
  },
  {
    path: '/cases/:id([0-9a-f]{32})',
    component: () => import('./CasePage.vue'),
    props: true,
    meta: { title: 'cases.oneTitle', permission: 'case:read' },
  },
];
