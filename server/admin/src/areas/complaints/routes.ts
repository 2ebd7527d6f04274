import { ChatLineRound } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/complaints',
    component: () => import('./ComplaintsPage.vue'),
    meta: {
      title: 'complaints.title',
      permission: 'complaint:read',
      menu: { group: 'orders', order: 5, icon: ChatLineRound },
    },
  },
  {
    path: '/complaints/:id([a-z]+:[A-Za-z0-9_-]+)',
    component: () => import('./ComplaintPage.vue'),
    props: true,
    meta: { title: 'complaints.oneTitle', permission: 'complaint:read' },
  },
];
