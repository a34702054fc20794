// The design of the run. The numbers are the order in which index.ts declares the designs.
import { designIndex } from 'heddle';
import { AskEveryDriver } from './ask-every-driver';
import { Design } from './base';
import { Decoupled } from './decoupled';
import { V6_1 } from './v6_1';
import { V6_15 } from './v6_15';
import { V6_6 } from './v6_6';
import { V6_7 } from './v6_7';
import { XlateHelper } from './xlate-helper';

/** Sections 2 to 6: the design that the run is about. */
function choose_design(): Design {
  switch (designIndex()) {
    case 0:
      return new V6_1();
    case 1:
      return new V6_6();
    case 2:
      return new V6_7();
    case 3:
      return new Decoupled();
    case 4:
      return new XlateHelper();
    case 5:
      return new AskEveryDriver();
    default:
      return new V6_15();
  }
}

export const chosen: Design = choose_design();
