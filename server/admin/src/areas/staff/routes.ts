import { Key, UserFilled } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/users',
    component: () => import('./UsersPage.vue'),
    meta: {
      title: 'staff.users',
      permission: 'user:manage',
      menu: { group: 'people', order: 10, icon: UserFilled },
    },
  },
  {
    path: '/users/:id',
    component: () => import('./UserPage.vue'),
    meta: { title: 'staff.user', permission: 'user:manage' },
  },
  {
    path: '/roles',
    component: () => import('./RolesPage.vue'),
    meta: {
      title: 'staff.roles',
      permission: 'user:manage',
      menu: { group: 'people', order: 20, icon: Key },
    },
  },
];
