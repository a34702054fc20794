/** Decorators that the language does not know: asc passes them over without a word, so whoever wrote one would wait for its effect in vain. */
import { CATEGORY_ERROR } from './diagnostics.js';

/** The part of asc's syntax tree that is read. */
interface Node {
  readonly decorators?: readonly Decorator[] | null;
  /** Of a class, an interface, a namespace. */
  readonly members?: readonly Node[] | null;
}

interface Decorator {
  readonly decoratorKind: number;
  readonly range: Range;
}

interface Range {
  readonly start: number;
  readonly source: { readonly normalizedPath: string; readonly text: string };
}

interface Source {
  readonly normalizedPath: string;
  readonly statements: readonly Node[];
}

const CUSTOM = 0;

/** Messages in the form of asc's own, for the model's files. */
export function unknownDecorators(sources: readonly Source[]): object[] {
  const decorators = (node: Node): Decorator[] => [
    ...(node.decorators ?? []),
    ...(node.members ?? []).flatMap((member) => decorators(member)),
  ];
  return sources
    .filter(({ normalizedPath }) => !normalizedPath.startsWith('~lib/'))
    .flatMap(({ statements }) => statements.flatMap(decorators))
    .filter(({ decoratorKind }) => decoratorKind === CUSTOM)
    .map(({ range }) => {
      const called = /^@[\w$.]+/.exec(range.source.text.slice(range.start))?.[0] ?? '';
      return { code: 0, category: CATEGORY_ERROR, message: `Unknown decorator '${called}'.`, range };
    });
}
