import { Bell } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/announcements',
    component: () => import('./AnnouncementsPage.vue'),
    meta: {
      title: 'announcements.title',
      permission: 'announcement:read',
      menu: { group: 'fleet', order: 5, icon: Bell },
    },
  },
];
