import { describe, expect, it } from 'vitest';
import { readTable } from '../../src/study/index.ts';

const header = 'USUBJID,AESEQ,AEBODSYS,AEDECOD,AETOXGR,AESTDTC\n';

function codesOf(text: string): string[] {
  return readTable('ae', text).issues.map((issue) => issue.code);
}

describe('readTable', () => {
  it('reads columns in any order, blanks as null or empty text, and a byte order mark', () => {
    const { rows, issues } = readTable('adsl', '\uFEFFTRTSDT,USUBJID,AGE\n2024-01-02,S1,70\n,S2,\n');
    expect(issues).toEqual([]);
    expect(rows[0]).toMatchObject({ USUBJID: 'S1', TRTSDT: '2024-01-02', AGE: 70, SEX: '', DTHDT: null });
    expect(rows[1]).toMatchObject({ USUBJID: 'S2', TRTSDT: null, AGE: null });
  });

  it('refuses an unknown column, a missing one and one that occurs twice', () => {
    expect(codesOf(header.replace('AESTDTC', 'AESTDTC,FOO'))).toEqual(['BAD_INPUT']);
    expect(codesOf('USUBJID,AESEQ,AEBODSYS,AEDECOD,AESTDTC\n')).toEqual(['BAD_INPUT']);
    expect(codesOf(header.replace('AESTDTC', 'AESTDTC,AESEQ'))).toEqual(['BAD_INPUT']);
  });

  it('says a missing column once, however many rows lack it', () => {
    const { issues, faulty } = readTable(
      'samples',
      'file,subject,visit,panel\na.fcs,S1,V0,P1\nb.fcs,S1,V1,P1\n',
    );
    expect(issues.map(({ message }) => message)).toEqual([
      'The column role is missing.',
      'The column collected_at is missing.',
    ]);
    expect(faulty).toBeNull();
  });

  it('refuses bad cells with their place', () => {
    const { issues } = readTable('ae', `${header}S1,1.5,SOC,PT,x,2024-13\n`);
    expect(issues.map((issue) => issue.place)).toEqual([
      'ae row 2, AESEQ',
      'ae row 2, AETOXGR',
      'ae row 2, AESTDTC',
    ]);
    expect(issues.every((issue) => issue.level === 'error')).toBe(true);
  });

  it('refuses a doubled key, ragged rows and hex or infinite numbers', () => {
    expect(codesOf(`${header}S1,1,SOC,PT,1,\nS1,1,SOC,PT,2,\n`)).toEqual(['DUPLICATE_KEY']);
    expect(codesOf(`${header}S1,1,SOC\n`)).toEqual(['BAD_INPUT']);
    expect(codesOf(`${header}S1,0x1,SOC,PT,Infinity,\n`)).toEqual(['BAD_INPUT', 'BAD_INPUT']);
  });

  it('names an unknown lesion state as such', () => {
    const text = 'USUBJID,LESID,VISITNUM,ADT,LOCSTAT\nS1,T1,1,2024-01-01,GONE\n';
    expect(readTable('local', text).issues.map((issue) => issue.code)).toEqual(['UNKNOWN_RESPONSE']);
  });

  it('is not misled by a column called __proto__', () => {
    expect(codesOf('__proto__,USUBJID\nx,y\n')).toContain('BAD_INPUT');
  });
});
