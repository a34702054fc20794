// The site of the model's call into the kit, for kit operations that call the model back and then go on.
import { head } from './state';

export function call_site(_site: i32): i32 {
  return head.callSite;
}
export function at(call: i32, _site: i32): void {
  head.callSite = call;
}
