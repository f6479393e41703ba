// SAS transport files, version 5, from members to bytes; the layout is in xport.ts.
import { writeIbm, writeMissing } from './ibm-float.ts';
import {
  blank,
  headerStart,
  recordBytes,
  roundUp,
  type XportFile,
  type XportMember,
  type XportVariable,
} from './xport.ts';

const namestrBytes = 140;

/** Throws RangeError where a value has no place in the layout; `xpt.ts` says so in words before it comes to that. */
export function writeXport(file: XportFile): Uint8Array {
  const library =
    headerRecord('LIBRARY ', '0'.repeat(30)) +
    `SAS     SAS     SASLIB  ${fixed(file.version, 8)}${fixed(file.system, 8)}${' '.repeat(24)}${fixed(file.created, 16)}` +
    fixed(file.modified, recordBytes);
  const pieces = [latinBytes(library), ...file.members.flatMap(memberPieces)];
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function memberPieces(member: XportMember): Uint8Array[] {
  const count = String(member.variables.length).padStart(4, '0');
  if (count.length > 4) throw new RangeError('A member has at most 9999 variables.');
  const head =
    headerRecord('MEMBER  ', `${'0'.repeat(17)}1600000000140`) +
    headerRecord('DSCRPTR ', '0'.repeat(30)) +
    `SAS     ${fixed(member.name, 8)}SASDATA ${fixed(member.version, 8)}${fixed(member.system, 8)}${' '.repeat(24)}` +
    fixed(member.created, 16) +
    `${fixed(member.modified, 16)}${' '.repeat(16)}`;
  const labels = new Uint8Array(48).fill(blank);
  putText(labels, 0, 40, member.label);
  putText(labels, 40, 8, member.type);
  return [
    latinBytes(head),
    labels,
    latinBytes(headerRecord('NAMESTR ', `000000${count}${'0'.repeat(20)}`)),
    namestrs(member.variables),
    latinBytes(headerRecord('OBS     ', '0'.repeat(30))),
    observations(member),
  ];
}

function headerRecord(kind: string, digits: string): string {
  return `${headerStart(kind)}${digits}  `;
}

/** 140 bytes a variable: type, length, number, name, label, format, alignment, informat, place in the row. Padded with blanks. */
function namestrs(variables: readonly XportVariable[]): Uint8Array {
  const bytes = padded(variables.length * namestrBytes);
  const view = new DataView(bytes.buffer);
  let place = 0;
  variables.forEach(({ name, label, kind, length, format, informat, rightAligned }, index) => {
    const at = index * namestrBytes;
    bytes.fill(0, at, at + namestrBytes);
    view.setInt16(at, kind === 'numeric' ? 1 : 2);
    view.setInt16(at + 4, length);
    view.setInt16(at + 6, index + 1);
    putText(bytes, at + 8, 8, name);
    putText(bytes, at + 16, 40, label);
    putText(bytes, at + 56, 8, format.name);
    view.setInt16(at + 64, format.width);
    view.setInt16(at + 66, format.decimals);
    view.setInt16(at + 68, rightAligned ? 1 : 0);
    putText(bytes, at + 72, 8, informat.name);
    view.setInt16(at + 80, informat.width);
    view.setInt16(at + 82, informat.decimals);
    view.setInt32(at + 84, place);
    place += length;
  });
  return bytes;
}

function observations({ variables, rows }: XportMember): Uint8Array {
  const rowBytes = variables.reduce((sum, { length }) => sum + length, 0);
  const bytes = padded(rows.length * rowBytes);
  const number = new DataView(new ArrayBuffer(8));
  let at = 0;
  for (const row of rows) {
    variables.forEach(({ kind, length }, column) => {
      const value = row[column];
      if (kind === 'character') {
        putText(bytes, at, length, typeof value === 'string' ? value : '');
      } else {
        if (typeof value === 'number') writeIbm(number, 0, value);
        else writeMissing(number, 0);
        for (let i = length; i < 8; i++) {
          if (number.getUint8(i) !== 0) throw new RangeError(`${value} does not fit ${length} bytes.`);
        }
        bytes.set(new Uint8Array(number.buffer, 0, length), at);
      }
      at += length;
    });
  }
  return bytes;
}

const encoder = new TextEncoder();

function padded(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(roundUp(size)).fill(blank);
}

function putText(bytes: Uint8Array, at: number, width: number, text: string): void {
  const encoded = encoder.encode(text);
  if (encoded.length > width) throw new RangeError(`"${text}" is longer than ${width} bytes.`);
  bytes.fill(blank, at, at + width);
  bytes.set(encoded, at);
}

function fixed(text: string, width: number): string {
  if (text.length > width) throw new RangeError(`"${text}" is longer than ${width} characters.`);
  return text.padEnd(width);
}

function latinBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
