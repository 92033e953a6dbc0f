CREATE TABLE "durable_sms"."inbound_messages" (
	"account_id" uuid NOT NULL,
	"provider_id" text NOT NULL,
	"phone" text NOT NULL,
	"message" text,
	"received_at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"decision" text,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "inbound_messages_account_id_provider_id_pk" PRIMARY KEY("account_id","provider_id"),
	CONSTRAINT "inbound_messages_phone_e164" CHECK ("phone" ~ '^\+[1-9][0-9]{6,14}$'),
	CONSTRAINT "inbound_messages_kind" CHECK ("kind" IN ('message', 'opt-out', 'possible-opt-out')),
	CONSTRAINT "inbound_messages_decision" CHECK ("decision" IN ('opt-out', 'dismissed'))
);
--> statement-breakpoint
CREATE TABLE "durable_sms"."inboxes" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"read_at" timestamp (3) with time zone,
	"newest_at" timestamp (3) with time zone,
	"failing_since" timestamp (3) with time zone,
	"failure" text
);
--> statement-breakpoint
CREATE TABLE "durable_sms"."opt_outs" (
	"account_id" uuid NOT NULL,
	"phone" text NOT NULL,
	"opted_out_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"source" text NOT NULL,
	"inbound_id" text,
	"confirmation_workflow_id" text,
	"confirmed_at" timestamp (3) with time zone,
	"announced_at" timestamp (3) with time zone,
	CONSTRAINT "opt_outs_account_id_phone_pk" PRIMARY KEY("account_id","phone"),
	CONSTRAINT "opt_outs_phone_e164" CHECK ("phone" ~ '^\+[1-9][0-9]{6,14}$'),
	CONSTRAINT "opt_outs_source" CHECK ("source" IN ('keyword', 'operator', 'api'))
);
--> statement-breakpoint
CREATE TABLE "durable_sms"."outreach" (
	"ticket" text PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"phone" text NOT NULL,
	"lane" text NOT NULL,
	"segments" smallint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"hunt_id" text,
	"purpose" text NOT NULL,
	"state" text DEFAULT 'granted' NOT NULL,
	CONSTRAINT "outreach_phone_e164" CHECK ("phone" ~ '^\+[1-9][0-9]{6,14}$'),
	CONSTRAINT "outreach_purpose" CHECK ("purpose" IN ('marketing')),
	CONSTRAINT "outreach_state" CHECK ("state" IN ('granted', 'released'))
);
--> statement-breakpoint
CREATE TABLE "durable_sms"."phones" (
	"account_id" uuid NOT NULL,
	"lane" text NOT NULL,
	"closed_until" timestamp (3) with time zone,
	"reason" text NOT NULL,
	"failures" integer NOT NULL,
	"probe_ticket" text,
	"probe_until" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "phones_account_id_lane_pk" PRIMARY KEY("account_id","lane")
);
--> statement-breakpoint
CREATE TABLE "durable_sms"."sending_policies" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"region" text DEFAULT 'FR' NOT NULL,
	"time_zone" text DEFAULT 'Europe/Paris' NOT NULL,
	"days" smallint[] DEFAULT '{1,2,3,4,5,6}' NOT NULL,
	"opens_at" time(0) DEFAULT '08:30' NOT NULL,
	"closes_at" time(0) DEFAULT '20:00' NOT NULL,
	"holidays" text DEFAULT 'FR' NOT NULL,
	"per_minute" integer DEFAULT 6 NOT NULL,
	"segments_per_minute" integer DEFAULT 20 NOT NULL,
	"per_hour" integer DEFAULT 100 NOT NULL,
	"per_day" integer DEFAULT 300 NOT NULL,
	"new_recipients_per_30_days" integer DEFAULT 200 NOT NULL,
	CONSTRAINT "sending_policies_region" CHECK ("region" ~ '^[A-Z]{2}$'),
	CONSTRAINT "sending_policies_days" CHECK ("days" <@ '{1,2,3,4,5,6,7}' AND cardinality("days") BETWEEN 1 AND 7),
	CONSTRAINT "sending_policies_holidays" CHECK ("holidays" IN ('FR', 'FR-57', 'none')),
	CONSTRAINT "sending_policies_hours" CHECK ("opens_at" <> "closes_at"),
	CONSTRAINT "sending_policies_limits" CHECK ("per_minute" > 0 AND "segments_per_minute" > 0 AND "per_hour" > 0 AND "per_day" > 0 AND "new_recipients_per_30_days" > 0)
);
--> statement-breakpoint
CREATE TABLE "durable_sms"."unmatched_opt_outs" (
	"account_id" uuid NOT NULL,
	"provider_id" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "unmatched_opt_outs_account_id_provider_id_pk" PRIMARY KEY("account_id","provider_id")
);
--> statement-breakpoint
CREATE INDEX "inbound_messages_undecided" ON "durable_sms"."inbound_messages" USING btree (pg_catalog.sha256(("account_id"::text || "phone")::bytea)) WHERE "kind" = 'possible-opt-out' AND "decision" IS NULL;--> statement-breakpoint
CREATE INDEX "opt_outs_recipient" ON "durable_sms"."opt_outs" USING btree (pg_catalog.sha256(("account_id"::text || "phone")::bytea));--> statement-breakpoint
CREATE INDEX "opt_outs_unconfirmed" ON "durable_sms"."opt_outs" USING btree ("account_id") WHERE "confirmation_workflow_id" IS NOT NULL AND "confirmed_at" IS NULL;--> statement-breakpoint
CREATE INDEX "opt_outs_unannounced" ON "durable_sms"."opt_outs" USING btree ("account_id") WHERE "announced_at" IS NULL;--> statement-breakpoint
CREATE INDEX "outreach_recipient" ON "durable_sms"."outreach" USING btree (pg_catalog.sha256(("account_id"::text || "phone")::bytea));--> statement-breakpoint
CREATE INDEX "outreach_at" ON "durable_sms"."outreach" USING btree ("account_id","at");--> statement-breakpoint
CREATE INDEX "outreach_first_contacts" ON "durable_sms"."outreach" USING btree ("account_id","phone","lane","at") WHERE "state" <> 'released';