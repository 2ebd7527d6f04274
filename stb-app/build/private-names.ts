import { types as t, type NodePath, type PluginObj, type Visitor } from '@babel/core';

type Names = Map<string, string>;

/** What begins so is shortened by the minifier: nothing outside the bundle knows it. */
export const PRIVATE = /^_\$/;

/**
 * `#name` as an ordinary property that no other class has: what Babel makes of it otherwise is a helper's call at each
 * place. In a bundle that no code is written against nothing is lost.
 */
export function privateNames(): PluginObj {
  const ofClass = new WeakMap<t.Node, Names>();
  let count = 0;

  function declared(body: NodePath<t.ClassBody>): Names {
    const names: Names = new Map();
    for (const member of body.node.body) {
      if (!t.isClassPrivateProperty(member) && !t.isClassPrivateMethod(member)) continue;
      const { name } = member.key.id;
      if (!names.has(name)) names.set(name, `_$${name}${count++}`);
    }
    return names;
  }

  /** From the innermost class that declares it. */
  function nameOf(path: NodePath<t.PrivateName>): string {
    const { name } = path.node.id;
    for (let at = path.parentPath as NodePath | null; at !== null; at = at.parentPath) {
      const given = ofClass.get(at.node)?.get(name);
      if (given !== undefined) return given;
    }
    throw path.buildCodeFrameError(`No class declares #${name}.`);
  }

  const rename: Visitor = {
    ClassBody(body) {
      ofClass.set(body.node, declared(body));
    },
    PrivateName(path) {
      const name = nameOf(path);
      const { parent, parentPath } = path;
      if (t.isClassPrivateProperty(parent)) {
        parentPath.replaceWith(
          t.classProperty(t.identifier(name), parent.value, null, null, false, parent.static ?? false),
        );
      } else if (t.isClassPrivateMethod(parent)) {
        const { kind, params, body } = parent;
        const method = t.classMethod(kind, t.identifier(name), params, body, false, parent.static ?? false);
        method.async = parent.async ?? false;
        method.generator = parent.generator ?? false;
        parentPath.replaceWith(method);
      } else if (t.isBinaryExpression(parent)) path.replaceWith(t.stringLiteral(name));
      else path.replaceWith(t.identifier(name));
    },
  };
  // Before any other plugin sees a class.
  return { visitor: { Program: (program) => program.traverse(rename) } };
}
