/** For tools that do not read single-file components themselves (the linter); an ambient file: no import on top. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent<object, object, unknown>;
  export default component;
}
