/** What a search never reached. */
export { vacuityLine, vacuityOf } from '../coverage/vacuity.js';
