/** A component that is drawn again only if one of its properties is another one: `memo` of preact/compat, which is larger than the viewer. */
import { Component, type ComponentChild, type FunctionComponent, h } from 'preact';

export function memo<P extends object>(draw: (props: P) => ComponentChild): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return (Object.keys(next) as (keyof P)[]).some((key) => next[key] !== this.props[key]);
    }
    override render(): ComponentChild {
      return draw(this.props as P);
    }
  }
  return (props: P) => h(Memo, props);
}
