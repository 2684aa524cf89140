import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { createTransport } from 'nodemailer';
import { Column, Entity, PrimaryColumn, type Repository } from 'typeorm';
import type { Singer } from '../members/singer.entity';

/** What was sent to whom, so that nobody gets it twice. */
@Entity('mail_sent')
export class MailSent {
  @PrimaryColumn()
  occasion!: string;

  @PrimaryColumn({ name: 'singer_id' })
  singerId!: number;

  @Column({ name: 'sent_at', type: 'timestamptz' })
  sentAt!: Date;
}

@Injectable()
export class Mailer {
  private readonly transport = createTransport(process.env.CHOIRBOOK_SMTP ?? 'smtp://localhost:1025');

  constructor(@InjectRepository(MailSent) private readonly sent: Repository<MailSent>) {}

  /** Send a mail for an occasion, unless this singer has had it. */
  async once(occasion: string, singer: Singer, subject: string, text: string): Promise<boolean> {
    if (!singer.mail) return false;
    if (await this.sent.existsBy({ occasion, singerId: singer.id })) return false;
    await this.transport.sendMail({ from: 'choir@choirbook.example', to: singer.mail, subject, text });
    await this.sent.insert({ occasion, singerId: singer.id, sentAt: new Date() });
    return true;
  }
}
