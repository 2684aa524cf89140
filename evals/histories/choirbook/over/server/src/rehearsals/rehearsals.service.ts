import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Between, type Repository } from 'typeorm';
import { Mailer } from '../reminders/mailer';
import { AttendanceService } from './attendance.service';
import { Rehearsal } from './rehearsal.entities';

@Injectable()
export class RehearsalsService {
  constructor(
    @InjectRepository(Rehearsal) private readonly rehearsals: Repository<Rehearsal>,
    private readonly attendance: AttendanceService,
    private readonly mailer: Mailer,
  ) {}

  between(from: Date, to: Date): Promise<Rehearsal[]> {
    return this.rehearsals.find({ where: { startsAt: Between(from, to) }, order: { startsAt: 'ASC' } });
  }

  async byId(id: number): Promise<Rehearsal> {
    const rehearsal = await this.rehearsals.findOneBy({ id });
    if (!rehearsal) throw new NotFoundException(`There is no rehearsal ${id}.`);
    return rehearsal;
  }

  /** There is none that evening; whoever is expected is told at once. */
  async callOff(id: number, reason: string): Promise<Rehearsal> {
    const rehearsal = await this.byId(id);
    if (rehearsal.startsAt < new Date()) throw new ConflictException('It has begun.');
    rehearsal.calledOffAt = new Date();
    rehearsal.calledOffBecause = reason;
    await this.rehearsals.save(rehearsal);
    for (const singer of await this.attendance.expected(id)) {
      await this.mailer.once(`called-off/${id}`, singer, 'No rehearsal', `${rehearsal.place}: ${reason}`);
    }
    return rehearsal;
  }
}
