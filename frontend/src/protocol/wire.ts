/** Written by scripts/wire_types.py; change src/vasi/protocol instead. Bytes are in base64. */

export type ServerEvent = Error | SessionCreated | SessionUpdated | ItemAdded | ItemDone | ItemRetrieved | ItemTruncated | ItemDeleted | TranscriptionDelta | TranscriptionCompleted | TranscriptionFailed | AudioCommitted | AudioCleared | SpeechStarted | SpeechStopped | TimeoutTriggered | OutputBufferStarted | OutputBufferStopped | OutputBufferCleared | ResponseCreated | ResponseDone | OutputItemAdded | OutputItemDone | PartAdded | PartDone | OutputTextDelta | OutputTextDone | OutputAudioDelta | OutputAudioDone | OutputTranscriptDelta | OutputTranscriptDone | CallArgumentsDelta | CallArgumentsDone | McpListInProgress | McpListCompleted | McpListFailed | McpArgumentsDelta | McpArgumentsDone | McpCallInProgress | McpCallCompleted | McpCallFailed | RateLimitsUpdated | ToolCallStarted | ToolCallDone | PassagesFound | Citation | NotesChanged | ConversationRecorded | OutputAudioHold | OutputAudioResume | OutputAudioWords | SessionResumable;

export type ClientEvent = SessionUpdate | ItemCreate | ItemRetrieve | ItemTruncate | ItemDelete | AudioAppend | AudioCommit | AudioClear | OutputAudioClear | ResponseCreate | ResponseCancel | Playout;

export type AnyItem = Message | FunctionCall | FunctionCallOutput | McpListTools | McpCall | McpApprovalRequest | McpApprovalResponse;

export type Part = InputText | InputAudio | InputImage | OutputText | OutputAudio;

export type TurnDetection = ServerVad | SemanticVad;

/** Which tools need the client's approval before each call, and which don't. */
export interface ApprovalFilter {
  always?: ToolFilter | null;
  never?: ToolFilter | null;
}

/** Add audio (in `audio.input.format`) to the input buffer. */
export interface AudioAppend {
  type: "input_audio_buffer.append";
  event_id?: string;
  audio: string;
}

/** Throw the buffer away. */
export interface AudioClear {
  type: "input_audio_buffer.clear";
  event_id?: string;
}

export interface AudioCleared {
  type: "input_audio_buffer.cleared";
  event_id: string;
}

/** Make the buffer a user item. */
export interface AudioCommit {
  type: "input_audio_buffer.commit";
  event_id?: string;
}

export interface AudioCommitted {
  type: "input_audio_buffer.committed";
  event_id: string;
  item_id: string;
  previous_item_id: string | null;
}

/** How the client's audio arrives and what becomes of it. */
export interface AudioInput {
  format: Pcm | Pcmu | Pcma;
  transcription: Transcription | null;
  noise_reduction: NoiseReduction | null;
  turn_detection: ServerVad | SemanticVad | null;
}

/** How the assistant speaks. */
export interface AudioOutput {
  format: Pcm | Pcmu | Pcma;
  voice: string;
  speed: number;
}

export interface AudioOutputShown {
  format: Pcm | Pcmu | Pcma;
  voice: string;
}

export interface AudioPart {
  type: "audio";
  transcript: string;
}

export interface AudioShown {
  output: AudioOutputShown;
}

export interface CachedTokenDetails {
  text_tokens: number;
  audio_tokens: number;
  image_tokens: number;
}

export interface CallArgumentsDelta {
  type: "response.function_call_arguments.delta";
  event_id: string;
  response_id: string;
  output_index: number;
  item_id: string;
  call_id: string;
  delta: string;
}

export interface CallArgumentsDone {
  type: "response.function_call_arguments.done";
  event_id: string;
  response_id: string;
  output_index: number;
  item_id: string;
  call_id: string;
  name: string;
  arguments: string;
}

/** Characters `start:end` of the part's text rest on these passages (ids of `vasi.passages`). */
export interface Citation {
  type: "vasi.citation";
  event_id: string;
  response_id: string;
  item_id: string;
  content_index: number;
  start: number;
  end: number;
  text: string;
  passages: string[];
}

/** In which collection a document is shared. */
export interface CollectionShown {
  id: string;
  name: string;
}

/** The session is recorded as this conversation; `/v1/realtime?conversation=` continues it. */
export interface ConversationRecorded {
  type: "vasi.conversation";
  event_id: string;
  conversation_id: string;
}

/** A language that was spoken. */
export interface DetectedLanguage {
  code: string;
}

/** Something failed; the connection stays open. */
export interface Error {
  type: "error";
  event_id: string;
  error: ErrorBody;
}

/** What went wrong; `event_id` names the client event that caused it. */
export interface ErrorBody {
  type: string;
  message: string;
  code: string | null;
  param: string | null;
  event_id: string | null;
}

/** The model calls a function; `arguments` is a JSON string as the model wrote it. */
export interface FunctionCall {
  type: "function_call";
  name: string;
  arguments: string;
  call_id?: string;
  id?: string;
  object?: "realtime.item";
  status?: "completed" | "in_progress" | "incomplete";
}

/** What the function returned. */
export interface FunctionCallOutput {
  type: "function_call_output";
  call_id: string;
  output: string;
  id?: string;
  object?: "realtime.item";
  status?: "completed" | "in_progress" | "incomplete";
}

/** A function that the model may call; `parameters` is a JSON Schema object. */
export interface FunctionTool {
  type: "function";
  name: string;
  description?: string;
  parameters?: Record<string, unknown>;
}

/** The server refused it in those of HTTP. */
export interface HttpError {
  type: "http_error";
  code: number;
  message: string;
}

/** Spoken user input; `transcript` is null until it's recognised. */
export interface InputAudio {
  type: "input_audio";
  audio?: string;
  transcript: string | null;
}

/** A picture in a user message: a data URI of a PNG or a JPEG; see `vasi.protocol.images`. */
export interface InputImage {
  type: "input_image";
  image_url: string;
  detail?: "auto" | "high" | "low";
}

/** Typed text of a user or system message. */
export interface InputText {
  type: "input_text";
  text: string;
}

export interface InputTokenDetails {
  text_tokens: number;
  audio_tokens: number;
}

export interface ItemAdded {
  type: "conversation.item.added";
  event_id: string;
  item: Message | FunctionCall | FunctionCallOutput | McpListTools | McpCall | McpApprovalRequest | McpApprovalResponse;
  previous_item_id: string | null;
}

/** Insert an item at the end, at the front ("root") or after another. */
export interface ItemCreate {
  type: "conversation.item.create";
  event_id?: string;
  item: Message | FunctionCall | FunctionCallOutput | McpApprovalResponse;
  previous_item_id?: string | null;
}

/** Remove an item. */
export interface ItemDelete {
  type: "conversation.item.delete";
  event_id?: string;
  item_id: string;
}

export interface ItemDeleted {
  type: "conversation.item.deleted";
  event_id: string;
  item_id: string;
}

export interface ItemDone {
  type: "conversation.item.done";
  event_id: string;
  item: Message | FunctionCall | FunctionCallOutput | McpListTools | McpCall | McpApprovalRequest | McpApprovalResponse;
  previous_item_id: string | null;
}

/** An item of the conversation, in the `input` of a response. */
export interface ItemReference {
  type: "item_reference";
  id: string;
}

/** Ask for an item with its audio. */
export interface ItemRetrieve {
  type: "conversation.item.retrieve";
  event_id?: string;
  item_id: string;
}

export interface ItemRetrieved {
  type: "conversation.item.retrieved";
  event_id: string;
  item: Message | FunctionCall | FunctionCallOutput | McpListTools | McpCall | McpApprovalRequest | McpApprovalResponse;
}

/** Cut an assistant's spoken item to what was played. */
export interface ItemTruncate {
  type: "conversation.item.truncate";
  event_id?: string;
  item_id: string;
  content_index: number;
  audio_end_ms: number;
}

export interface ItemTruncated {
  type: "conversation.item.truncated";
  event_id: string;
  item_id: string;
  content_index: number;
  audio_end_ms: number;
}

/** A tool as its server describes it; `annotations` hold hints such as `readOnlyHint`. */
export interface ListedTool {
  name: string;
  description: string;
  input_schema: Record<string, unknown>;
  annotations: Record<string, unknown> | null;
}

/** The one direction of a session that only listens. */
export interface ListeningAudio {
  input: AudioInput;
}

/** How sure the model is of a token of a transcript. */
export interface LogProb {
  token: string;
  logprob: number;
  bytes: number[];
}

/** The model wants to call a tool, and the client has to agree first. */
export interface McpApprovalRequest {
  type: "mcp_approval_request";
  id: string;
  server_label: string;
  name: string;
  arguments: string;
}

/** The client agrees, or doesn't and may say why. */
export interface McpApprovalResponse {
  type: "mcp_approval_response";
  approval_request_id: string;
  approve: boolean;
  reason?: string | null;
  id?: string;
}

export interface McpArgumentsDelta {
  type: "response.mcp_call_arguments.delta";
  event_id: string;
  response_id: string;
  output_index: number;
  item_id: string;
  delta: string;
  obfuscation: string;
}

export interface McpArgumentsDone {
  type: "response.mcp_call_arguments.done";
  event_id: string;
  response_id: string;
  output_index: number;
  item_id: string;
  arguments: string;
}

/** A call of a tool; with neither output nor error it's still running. */
export interface McpCall {
  type: "mcp_call";
  id: string;
  server_label: string;
  name: string;
  arguments: string;
  output: string | null;
  error: ProtocolError | HttpError | ToolExecutionError | null;
  approval_request_id: string | null;
}

export interface McpCallCompleted {
  type: "response.mcp_call.completed";
  event_id: string;
  item_id: string;
  output_index: number;
}

export interface McpCallFailed {
  type: "response.mcp_call.failed";
  event_id: string;
  item_id: string;
  output_index: number;
}

export interface McpCallInProgress {
  type: "response.mcp_call.in_progress";
  event_id: string;
  item_id: string;
  output_index: number;
}

export interface McpListCompleted {
  type: "mcp_list_tools.completed";
  event_id: string;
  item_id: string;
}

export interface McpListFailed {
  type: "mcp_list_tools.failed";
  event_id: string;
  item_id: string;
}

export interface McpListInProgress {
  type: "mcp_list_tools.in_progress";
  event_id: string;
  item_id: string;
}

/** What a server offers. */
export interface McpListTools {
  type: "mcp_list_tools";
  id: string;
  server_label: string;
  tools: ListedTool[];
}

/** A server whose tools the model may call, and which runs them. Sessions are shown without its credentials. */
export interface McpTool {
  type: "mcp";
  server_label: string;
  server_url?: string;
  connector_id?: string;
  tunnel_id?: string;
  authorization?: string | null;
  headers?: Record<string, string> | null;
  server_description?: string | null;
  allowed_tools?: string[] | ToolFilter | null;
  require_approval?: "always" | "never" | ApprovalFilter | null;
  defer_loading?: boolean | null;
  allowed_callers?: ("direct" | "programmatic")[] | null;
}

/** Something said by someone. */
export interface Message {
  type: "message";
  role: "assistant" | "system" | "user";
  content: (InputText | InputAudio | InputImage | OutputText | OutputAudio)[];
  id?: string;
  object?: "realtime.item";
  status?: "completed" | "in_progress" | "incomplete";
  phase?: "commentary" | "final_answer";
}

/** Where the microphone is. */
export interface NoiseReduction {
  type: "far_field" | "near_field";
  strength?: number;
}

/** A note; times are in ISO 8601, and the conversation and item are those in which it was taken. */
export interface NoteShown {
  id: string;
  text: string;
  tags: string[];
  pinned: boolean;
  created_at: string;
  updated_at: string;
  conversation_id?: string;
  item_id?: string;
}

/** A note was taken, changed or removed. */
export interface NotesChanged {
  type: "vasi.notes.changed";
  event_id: string;
  response_id: string;
  action: "added" | "removed" | "updated";
  note: NoteShown;
}

/** Spoken assistant output with what was said. */
export interface OutputAudio {
  type: "output_audio";
  transcript?: string | null;
  audio?: string;
}

/** Drop audio that the server hasn't played yet (WebRTC only). */
export interface OutputAudioClear {
  type: "output_audio_buffer.clear";
  event_id?: string;
}

export interface OutputAudioDelta {
  type: "response.output_audio.delta";
  event_id: string;
  response_id: string;
  output_index: number;
  item_id: string;
  content_index: number;
  delta: string;
}

export interface OutputAudioDone {
  type: "response.output_audio.done";
  event_id: string;
  response_id: string;
  output_index: number;
  item_id: string;
  content_index: number;
}

/** Somebody may be cutting in: pause the playout. `audio_end_ms` is where the server believes it to be. */
export interface OutputAudioHold {
  type: "vasi.output_audio.hold";
  event_id: string;
  item_id: string;
  content_index: number;
  audio_end_ms: number;
}

/** Nobody did: go on where it was paused. */
export interface OutputAudioResume {
  type: "vasi.output_audio.resume";
  event_id: string;
}

/** When words of the audio that follows are spoken. */
export interface OutputAudioWords {
  type: "vasi.output_audio.words";
  event_id: string;
  item_id: string;
  content_index: number;
  words: WordShown[];
}

/** What was left was thrown away. */
export interface OutputBufferCleared {
  type: "output_audio_buffer.cleared";
  event_id: string;
  response_id: string;
}

/** The first sound leaves. */
export interface OutputBufferStarted {
  type: "output_audio_buffer.started";
  event_id: string;
  response_id: string;
}

/** All of it has left. */
export interface OutputBufferStopped {
  type: "output_audio_buffer.stopped";
  event_id: string;
  response_id: string;
}

export interface OutputItemAdded {
  type: "response.output_item.added";
  event_id: string;
  response_id: string;
  output_index: number;
  item: Message | FunctionCall | FunctionCallOutput | McpListTools | McpCall | McpApprovalRequest | McpApprovalResponse;
}

export interface OutputItemDone {
  type: "response.output_item.done";
  event_id: string;
  response_id: string;
  output_index: number;
  item: Message | FunctionCall | FunctionCallOutput | McpListTools | McpCall | McpApprovalRequest | McpApprovalResponse;
}

/** Written assistant output. */
export interface OutputText {
  type: "output_text";
  text: string;
}

export interface OutputTextDelta {
  type: "response.output_text.delta";
  event_id: string;
  response_id: string;
  output_index: number;
  item_id: string;
  content_index: number;
  delta: string;
}

export interface OutputTextDone {
  type: "response.output_text.done";
  event_id: string;
  response_id: string;
  output_index: number;
  item_id: string;
  content_index: number;
  text: string;
}

export interface OutputTranscriptDelta {
  type: "response.output_audio_transcript.delta";
  event_id: string;
  response_id: string;
  output_index: number;
  item_id: string;
  content_index: number;
  delta: string;
}

export interface OutputTranscriptDone {
  type: "response.output_audio_transcript.done";
  event_id: string;
  response_id: string;
  output_index: number;
  item_id: string;
  content_index: number;
  transcript: string;
}

export interface PartAdded {
  type: "response.content_part.added";
  event_id: string;
  response_id: string;
  output_index: number;
  item_id: string;
  content_index: number;
  part: TextPart | AudioPart;
}

export interface PartDone {
  type: "response.content_part.done";
  event_id: string;
  response_id: string;
  output_index: number;
  item_id: string;
  content_index: number;
  part: TextPart | AudioPart;
}

/** A passage that a search found. */
export interface PassageShown {
  id: string;
  document: string;
  page: number | null;
  heading: string;
  text: string;
  score: number;
  kind: "document" | "note";
  source_id: string;
  start: number;
  end: number;
  collection: CollectionShown | null;
}

/** What a search put before the model; `found` is false when the evidence is weak. */
export interface PassagesFound {
  type: "vasi.passages";
  event_id: string;
  response_id: string;
  call_id: string;
  found: boolean;
  passages: PassageShown[];
}

/** 16-bit little-endian mono PCM at 24 kHz. */
export interface Pcm {
  type: "audio/pcm";
  rate: 24000;
}

/** G.711 A-law at 8 kHz. */
export interface Pcma {
  type: "audio/pcma";
}

/** G.711 mu-law at 8 kHz. */
export interface Pcmu {
  type: "audio/pcmu";
}

/** How much of the assistant's item has been played: of the extension, for those who asked for it. */
export interface Playout {
  type: "vasi.playout";
  event_id?: string;
  item_id: string;
  played_ms: number;
}

/** A prompt that a server keeps; `variables` are filled in. A backend knows only the text that it stands for. */
export interface Prompt {
  id: string;
  version?: string | null;
  variables?: Record<string, unknown> | null;
}

/** The server refused the call in the words of MCP. */
export interface ProtocolError {
  type: "protocol_error";
  code: number;
  message: string;
}

export interface RateLimit {
  name: "requests" | "tokens";
  limit: number;
  remaining: number;
  reset_seconds: number;
}

export interface RateLimitsUpdated {
  type: "rate_limits.updated";
  event_id: string;
  rate_limits: RateLimit[];
}

/** How long a model thinks before it answers. */
export interface Reasoning {
  effort?: "high" | "low" | "medium" | "minimal" | "none" | "xhigh";
}

/** A response as created and done show it. */
export interface Response {
  id: string;
  status: "cancelled" | "completed" | "failed" | "in_progress" | "incomplete";
  output: (Message | FunctionCall | FunctionCallOutput | McpListTools | McpCall | McpApprovalRequest | McpApprovalResponse)[];
  conversation_id: string | null;
  output_modalities: ("audio" | "text")[];
  max_output_tokens: number | "inf";
  audio: AudioShown;
  object: "realtime.response";
  status_details: StatusDetails | null;
  usage: Usage | null;
  metadata: Record<string, string> | null;
}

/** Audio overrides of one response. */
export interface ResponseAudio {
  output?: ResponseAudioOutput;
}

/** Voice and format of one response. */
export interface ResponseAudioOutput {
  format?: Pcm | Pcmu | Pcma;
  voice?: string | VoiceId;
}

/** Stop a response; without an id the active one of the default conversation. */
export interface ResponseCancel {
  type: "response.cancel";
  event_id?: string;
  response_id?: string;
}

/** Ask for a response. */
export interface ResponseCreate {
  type: "response.create";
  event_id?: string;
  response?: ResponseParams;
}

export interface ResponseCreated {
  type: "response.created";
  event_id: string;
  response: Response;
}

export interface ResponseDone {
  type: "response.done";
  event_id: string;
  response: Response;
}

/** Overrides of the session for one response. */
export interface ResponseParams {
  instructions?: string;
  output_modalities?: ("audio" | "text")[];
  audio?: ResponseAudio;
  tools?: (FunctionTool | McpTool)[];
  tool_choice?: "auto" | "none" | "required" | ToolChoiceFunction | ToolChoiceMcp;
  max_output_tokens?: number | "inf";
  metadata?: Record<string, string> | null;
  conversation?: "auto" | "none";
  input?: (Message | FunctionCall | FunctionCallOutput | ItemReference)[];
  prompt?: Prompt | null;
  parallel_tool_calls?: boolean;
  reasoning?: Reasoning | null;
}

/** A conversation that has become too long is cut to this share of what it may be, so that it's cut seldom. */
export interface RetentionRatio {
  retention_ratio: number;
  type: "retention_ratio";
  token_limits: TokenLimits | null;
}

/** The turn ends when what was said seems complete; `eagerness` is how soon to believe it. */
export interface SemanticVad {
  type: "semantic_vad";
  eagerness: "auto" | "high" | "low" | "medium";
  create_response: boolean;
  interrupt_response: boolean;
}

/** The turn ends after a stretch of silence. */
export interface ServerVad {
  type: "server_vad";
  threshold: number;
  prefix_padding_ms: number;
  silence_duration_ms: number;
  idle_timeout_ms: number | null;
  create_response: boolean;
  interrupt_response: boolean;
}

/** The effective configuration of a conversation, whole. */
export interface Session {
  type: "realtime";
  id: string;
  model: string;
  expires_at: number;
  object: "realtime.session";
  output_modalities: ("audio" | "text")[];
  instructions: string;
  tools: (FunctionTool | McpTool)[];
  tool_choice: "auto" | "none" | "required" | ToolChoiceFunction | ToolChoiceMcp;
  max_output_tokens: number | "inf";
  tracing: "auto" | Tracing | null;
  truncation: "auto" | "disabled" | RetentionRatio;
  parallel_tool_calls?: boolean;
  reasoning?: Reasoning | null;
  prompt: Prompt | null;
  include: ("item.input_audio_transcription.logprobs" | "vasi.activity")[] | null;
  vasi?: SessionExtension;
  audio: SessionAudio;
}

/** Both directions. */
export interface SessionAudio {
  input: AudioInput;
  output: AudioOutput;
}

export interface SessionCreated {
  type: "session.created";
  event_id: string;
  session: Session | TranscriptionSession;
}

/** What vasi adds to a session. */
export interface SessionExtension {
  time_zone?: string | null;
  interpreting?: string[] | null;
}

/** `/v1/realtime?resume=` with this token finds the session again, up to `grace_s` after a connection dropped. */
export interface SessionResumable {
  type: "vasi.session";
  event_id: string;
  resume_token: string;
  grace_s: number;
  resumed: boolean;
  complete: boolean;
}

/** Change the session. `session` names only what changes; see `vasi.protocol.session.updated`. */
export interface SessionUpdate {
  type: "session.update";
  event_id?: string;
  session: Record<string, unknown>;
}

export interface SessionUpdated {
  type: "session.updated";
  event_id: string;
  session: Session | TranscriptionSession;
}

export interface SpeechStarted {
  type: "input_audio_buffer.speech_started";
  event_id: string;
  item_id: string;
  audio_start_ms: number;
}

export interface SpeechStopped {
  type: "input_audio_buffer.speech_stopped";
  event_id: string;
  item_id: string;
  audio_end_ms: number;
}

export interface StatusDetails {
  type: "cancelled" | "completed" | "failed" | "incomplete";
  reason?: "client_cancelled" | "content_filter" | "max_output_tokens" | "turn_detected";
  error?: StatusError;
}

export interface StatusError {
  type: string;
  code: string;
  message?: string;
}

export interface TextPart {
  type: "text";
  text: string;
}

/** Nobody spoke for `idle_timeout_ms` after the last answer; the silence is committed and answered. */
export interface TimeoutTriggered {
  type: "input_audio_buffer.timeout_triggered";
  event_id: string;
  item_id: string;
  audio_start_ms: number;
  audio_end_ms: number;
}

/** How long the conversation may become besides the instructions and the tools. */
export interface TokenLimits {
  post_instructions: number;
}

/** It ended; `output` is what the model was told. */
export interface ToolCallDone {
  type: "vasi.tool_call.done";
  event_id: string;
  response_id: string;
  call_id: string;
  name: string;
  status: "cancelled" | "completed" | "failed" | "timed_out";
  output: string;
  duration_ms: number;
}

/** A tool that the server holds began. */
export interface ToolCallStarted {
  type: "vasi.tool_call.started";
  event_id: string;
  response_id: string;
  call_id: string;
  name: string;
  arguments: string;
}

/** The model must call this function. */
export interface ToolChoiceFunction {
  type: "function";
  name: string;
}

/** The model must call this tool, or any, of an MCP server. */
export interface ToolChoiceMcp {
  type: "mcp";
  server_label: string;
  name?: string | null;
}

/** The tool failed, or didn't run. */
export interface ToolExecutionError {
  type: "tool_execution_error";
  message: string;
}

/** Some of a server's tools: those of these names, those that only read, or both. */
export interface ToolFilter {
  tool_names?: string[] | null;
  read_only?: boolean | null;
}

/** How the client wants the conversation's traces to be named. */
export interface Tracing {
  workflow_name?: string;
  group_id?: string;
  metadata?: Record<string, unknown>;
}

/** Whether and how the client wants to read what the user said. */
export interface Transcription {
  model?: string;
  language?: string;
  prompt?: string;
  keywords?: string[];
  languages?: string[];
  delay?: "high" | "low" | "medium" | "minimal" | "xhigh";
}

export interface TranscriptionCompleted {
  type: "conversation.item.input_audio_transcription.completed";
  event_id: string;
  item_id: string;
  content_index: number;
  transcript: string;
  usage: TranscriptionUsage | TranscriptionDuration;
  logprobs?: LogProb[];
  languages?: DetectedLanguage[];
}

export interface TranscriptionDelta {
  type: "conversation.item.input_audio_transcription.delta";
  event_id: string;
  item_id: string;
  content_index: number;
  delta: string;
  logprobs?: LogProb[];
}

/** Seconds of audio of one transcription, where the service charges by them. */
export interface TranscriptionDuration {
  type: "duration";
  seconds: number;
}

export interface TranscriptionError {
  type: string;
  code: string;
  message: string;
}

export interface TranscriptionFailed {
  type: "conversation.item.input_audio_transcription.failed";
  event_id: string;
  item_id: string;
  content_index: number;
  error: TranscriptionError;
}

/** The effective configuration of a session that only listens: it writes down what is said and never answers. */
export interface TranscriptionSession {
  type: "transcription";
  id: string;
  expires_at: number;
  object: "realtime.transcription_session";
  include: ("item.input_audio_transcription.logprobs" | "vasi.activity")[] | null;
  audio: ListeningAudio;
}

/** Tokens of one transcription: ten a second of audio. */
export interface TranscriptionUsage {
  type: "tokens";
  total_tokens: number;
  input_tokens: number;
  output_tokens: number;
  input_token_details: InputTokenDetails;
}

/** Tokens of one response: audio counts ten a second heard, twenty a second spoken. */
export interface Usage {
  total_tokens: number;
  input_tokens: number;
  output_tokens: number;
  input_token_details: UsageInput;
  output_token_details: UsageOutput;
}

export interface UsageInput {
  text_tokens: number;
  audio_tokens: number;
  image_tokens: number;
  cached_tokens: number;
  cached_tokens_details: CachedTokenDetails;
}

export interface UsageOutput {
  text_tokens: number;
  audio_tokens: number;
}

/** A voice of one's own, as clients may name it; events show its id alone. */
export interface VoiceId {
  id: string;
}

/** Characters `start:end` of a part's transcript, spoken `audio_start_ms` after its audio begins. */
export interface WordShown {
  start: number;
  end: number;
  audio_start_ms: number;
}
