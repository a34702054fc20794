// Decisions that the schedule makes beside "who runs": injected errors and free choices. Neither is a scheduling point; by default
// fault() answers false and choose() 0.

export { choose, fault } from './abi/heddle';
