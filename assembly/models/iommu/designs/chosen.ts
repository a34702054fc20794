// The design of the run. The numbers are the order in which index.ts declares the designs.
import { designIndex } from 'heddle';
import { Design } from './base';
import { V6_6 } from './v6_6';
import { V6_7 } from './v6_7';

function choose_design(): Design {
  switch (designIndex()) {
    case 0:
      return new V6_6();
    default:
      return new V6_7();
  }
}

export const chosen: Design = choose_design();
