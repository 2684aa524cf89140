import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { InjectRepository } from '@nestjs/typeorm';
import { Between, type Repository } from 'typeorm';
import { LoansService } from '../library/loans.service';
import { MembersService } from '../members/members.service';
import { AttendanceService } from '../rehearsals/attendance.service';
import { Rehearsal } from '../rehearsals/rehearsal.entities';
import { Mailer } from './mailer';

const HOUR = 3_600_000;

@Injectable()
export class RemindersService {
  constructor(
    @InjectRepository(Rehearsal) private readonly rehearsals: Repository<Rehearsal>,
    private readonly attendance: AttendanceService,
    private readonly members: MembersService,
    private readonly loans: LoansService,
    private readonly mailer: Mailer,
  ) {}

  /** The evening before, to everybody who is expected. */
  @Cron('0 18 * * *')
  async eveningBefore(now = new Date()): Promise<void> {
    const window = Between(new Date(now.getTime() + 12 * HOUR), new Date(now.getTime() + 36 * HOUR));
    for (const rehearsal of await this.rehearsals.findBy({ startsAt: window })) {
      for (const singer of await this.attendance.expected(rehearsal.id)) {
        const text = `${rehearsal.startsAt.toISOString()}, ${rehearsal.place}`;
        await this.mailer.once(`rehearsal/${rehearsal.id}`, singer, 'Rehearsal tomorrow', text);
      }
    }
  }

  /** On Mondays, for copies that should be back. */
  @Cron('0 9 * * 1')
  async chaseCopies(): Promise<void> {
    const today = new Date().toISOString().slice(0, 10);
    for (const loan of await this.loans.overdue(today)) {
      const singer = await this.members.byId(loan.singerId);
      await this.mailer.once(`copy/${loan.id}/${today}`, singer, `Copy ${loan.copyNumber}`, `It was due on ${loan.dueOn}.`);
    }
  }
}
