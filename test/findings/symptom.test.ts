import { describe, expect, it } from 'vitest';
import { NO_SYMPTOM, type SymptomFacts, symptomOf } from '../../src/findings/symptom.js';

const facts: SymptomFacts = {
  kind: ['use-after-free'],
  object: ['DevIommu'],
  field: ['DevIommu.fwspec'],
  function: ['of_iommu_configure'],
  invariant: [],
  message: [],
  allocated: ['dev_iommu_get'],
  freed: ['dev_iommu_free'],
  cleared: [],
  task: ['bind(0)'],
  by: ['register(1)'],
  interrupted: ['of_iommu_configure', 'bus_iommu_probe'],
};

function symptom(name: string, conditions: Record<string, string[]>) {
  return { name, title: '', conditions: Object.entries(conditions).map(([key, values]) => ({ key, values })) };
}

describe('symptomOf', () => {
  it('is the first one whose keys all match', () => {
    const symptoms = [
      symptom('wrong kind', { kind: ['leak'], object: ['DevIommu'] }),
      symptom('first', { kind: ['use-after-free'], object: ['DevIommu'] }),
      symptom('second', { kind: ['use-after-free'] }),
    ];
    expect(symptomOf(symptoms, facts)).toBe('first');
  });

  it('takes several values of a key as alternatives', () => {
    expect(symptomOf([symptom('s', { kind: ['leak', 'use-after-free'] })], facts)).toBe('s');
  });

  it('is “other” if nothing fits, and where nothing is asked', () => {
    expect(symptomOf([symptom('s', { invariant: ['*'] }), symptom('t', {})], facts)).toBe(NO_SYMPTOM);
    expect(symptomOf([symptom('s', { colour: ['red'] }), symptom('t', { toString: ['*'] })], facts)).toBe('other');
  });

  it.each([
    ['of_iommu_configure', true],
    ['of_iommu', false],
    ['of_*', true],
    ['*configure', true],
    ['of_*_configure', true],
    ['*iommu*', true],
    ['*', true],
    ['of_iommu_configure*', true],
    ['*of_iommu_configure*configure', false],
    ['of_iommu_c.*', false],
    ['f_*', false],
  ])('knows that * is any text: %s', (pattern, fits) => {
    expect(symptomOf([symptom('s', { function: [pattern] })], facts)).toBe(fits ? 's' : 'other');
  });

  it('asks who allocated, freed and interrupted', () => {
    const freed = symptom('freed', { kind: ['use-after-free'], allocated: ['dev_*'], freed: ['dev_iommu_free'] });
    expect(symptomOf([symptom('moved', { freed: ['krealloc'] }), freed], facts)).toBe('freed');
    expect(symptomOf([symptom('s', { task: ['bind*'], by: ['register*'] })], facts)).toBe('s');
    expect(symptomOf([symptom('s', { by: ['bind*'] })], facts)).toBe(NO_SYMPTOM);
    expect(symptomOf([symptom('cleared', { cleared: ['*'] })], facts)).toBe(NO_SYMPTOM);
    expect(symptomOf([symptom('s', { interrupted: ['bus_*'] })], facts)).toBe('s');
  });

  it('needs one of several functions of a deadlock', () => {
    const deadlock = { ...facts, kind: ['deadlock'], function: ['forward', 'backward'] };
    expect(symptomOf([symptom('s', { kind: ['deadlock'], function: ['backward'] })], deadlock)).toBe('s');
  });
});
