import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, LessThan, type Repository } from 'typeorm';
import { CopyLoan, SheetCopy } from './library.entities';

@Injectable()
export class LoansService {
  constructor(
    @InjectRepository(CopyLoan) private readonly loans: Repository<CopyLoan>,
    @InjectRepository(SheetCopy) private readonly copies: Repository<SheetCopy>,
  ) {}

  async lend(copyNumber: number, singerId: number): Promise<CopyLoan> {
    const copy = await this.copies.findOneBy({ number: copyNumber, withdrawnAt: IsNull() });
    if (!copy) throw new NotFoundException(`No copy has the number ${copyNumber}.`);
    return this.loans.save({ copyNumber, singerId, lentAt: new Date(), dueOn: this.dueOn(), returnedAt: null });
  }

  async close(copyNumber: number): Promise<void> {
    const { affected } = await this.loans.update({ copyNumber, returnedAt: IsNull() }, { returnedAt: new Date() });
    if (!affected) throw new NotFoundException(`Copy ${copyNumber} is not out.`);
  }

  outWith(singerId: number): Promise<CopyLoan[]> {
    return this.loans.findBy({ singerId, returnedAt: IsNull() });
  }

  overdue(today: string): Promise<CopyLoan[]> {
    return this.loans.findBy({ dueOn: LessThan(today), returnedAt: IsNull() });
  }

  /** The last day of the season. */
  private dueOn(): string {
    const now = new Date();
    const year = now.getMonth() < 6 ? now.getFullYear() : now.getFullYear() + 1;
    return `${year}-06-30`;
  }
}
