// Declarations of the model, in the order in which it makes them; the host reads them after `register`.
import { DECLARES_LATE, report, TRAP } from '../oracles/finding';
import { siteOr } from './access';
import { REGISTRY, REGISTRY_MAX } from './layout';
import { control } from './state';


@unmanaged
class Declaration {
  kind: i32;
  text: usize;
  a: i32;
  b: i32;
  c: i32;
  d: i32;
}

export function declare(kind: i32, text: usize, a: i32, b: i32, c: i32, d: i32, site: i32): void {
  if (!control.booting) {
    report(TRAP, siteOr(site), 0, DECLARES_LATE); // the host has read what there is; the execution ends at the next decision
    return;
  }
  if (control.registered == REGISTRY_MAX) return;
  const entry = changetype<Declaration>(REGISTRY + <usize>(control.registered++) * 32);
  entry.kind = kind;
  entry.text = text;
  entry.a = a;
  entry.b = b;
  entry.c = c;
  entry.d = d;
}
