import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { Singer, type Voice } from '../members/singer.entity';
import { AttendanceService } from '../rehearsals/attendance.service';
import { SeatAssignment } from './seat-assignment.entity';

export interface Seat {
  row: number;
  place: number;
  singer: string;
  voice: Voice;
}

export const ROWS = 4;

/** One after the other into rows, within a voice by lot. */
export function arrange(singers: Singer[], random: () => number = Math.random): Singer[][] {
  const shuffled = singers.map((singer) => ({ singer, lot: random() })).sort((a, b) => a.lot - b.lot);
  const ordered = shuffled.map(({ singer }) => singer).sort((a, b) => b.voice.localeCompare(a.voice));
  const rows: Singer[][] = Array.from({ length: ROWS }, () => []);
  ordered.forEach((singer, index) => rows[index % ROWS].push(singer));
  return rows;
}

@Injectable()
export class SeatingService {
  constructor(
    @InjectRepository(SeatAssignment) private readonly seats: Repository<SeatAssignment>,
    @InjectRepository(Singer) private readonly singers: Repository<Singer>,
    private readonly attendance: AttendanceService,
  ) {}

  /** A new draw for those who are expected; the old one is gone. */
  async assign(rehearsalId: number): Promise<Seat[]> {
    const rows = arrange(await this.attendance.expected(rehearsalId));
    await this.seats.delete({ rehearsalId });
    const drawn = rows.flatMap((row, index) =>
      row.map((singer, place) => ({ rehearsalId, singerId: singer.id, row: index + 1, place: place + 1 })),
    );
    await this.seats.insert(drawn);
    return this.planOf(rehearsalId);
  }

  async planOf(rehearsalId: number): Promise<Seat[]> {
    const seats = await this.seats.find({ where: { rehearsalId }, order: { row: 'ASC', place: 'ASC' } });
    const singers = await this.singers.findBy({ id: In(seats.map((seat) => seat.singerId)) });
    const known = new Map(singers.map((singer) => [singer.id, singer]));
    return seats.map(({ row, place, singerId }) => {
      const singer = known.get(singerId)!;
      return { row, place, singer: singer.name, voice: singer.voice };
    });
  }
}
