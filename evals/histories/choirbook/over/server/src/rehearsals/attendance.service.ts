import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { Singer, type Voice } from '../members/singer.entity';
import { AttendanceMark, type MarkState } from './rehearsal.entities';

export interface RollLine {
  singerId: number;
  name: string;
  voice: Voice;
  state: MarkState | null;
  reason: string | null;
}

@Injectable()
export class AttendanceService {
  constructor(
    @InjectRepository(AttendanceMark) private readonly marks: Repository<AttendanceMark>,
    @InjectRepository(Singer) private readonly singers: Repository<Singer>,
  ) {}

  /** A singer said so; nobody else is asked. */
  async excuse(rehearsalId: number, singerId: number, reason: string | null): Promise<void> {
    await this.marks.save({ rehearsalId, singerId, state: 'AWAY', reason, markedAt: new Date() });
  }

  /** Those who stand in the room, whatever they said before. */
  async tick(rehearsalId: number, singerIds: number[]): Promise<number> {
    const markedAt = new Date();
    const rows = singerIds.map((singerId) => ({ rehearsalId, singerId, state: 'PRESENT' as const, reason: null, markedAt }));
    await this.marks.upsert(rows, ['rehearsalId', 'singerId']);
    return rows.length;
  }

  async roll(rehearsalId: number): Promise<RollLine[]> {
    const singers = await this.singers.find({ order: { voice: 'DESC', name: 'ASC' } });
    const marks = await this.marks.findBy({ rehearsalId });
    const known = new Map(marks.map((mark) => [mark.singerId, mark]));
    return singers.map(({ id, name, voice }) => {
      const mark = known.get(id);
      return { singerId: id, name, voice, state: mark?.state ?? null, reason: mark?.reason ?? null };
    });
  }

  /** Everybody who has not signed off. */
  async expected(rehearsalId: number): Promise<Singer[]> {
    const away = new Set((await this.roll(rehearsalId)).filter((line) => line.state === 'AWAY').map((line) => line.singerId));
    return (await this.singers.find()).filter((singer) => !away.has(singer.id));
  }
}
